"""填报表：下载、上传、逐格核对、导入。 Workbooks for filling: given out, handed in, compared, applied."""
