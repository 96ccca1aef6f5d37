"""Tables from files (文件导入): patients and discharges as hospitals export them, checked before they are written."""
