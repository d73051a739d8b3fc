"""Any workbook becomes a register: upload, what was understood of it, confirm."""
