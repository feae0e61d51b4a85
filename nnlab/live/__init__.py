"""The JupyterLab extension for live lectures: plain JavaScript, prebuilt. It plays what `nnlab lecture` writes."""
