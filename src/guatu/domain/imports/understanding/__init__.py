"""Any workbook as a proposed register: which tables it holds, what each column is, what does not fit. No database."""
