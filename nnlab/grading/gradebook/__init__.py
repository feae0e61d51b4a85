"""The gradebook: every mark with every item, its tables, and the table of marks for a spreadsheet."""

from nnlab.grading.gradebook.book import BOM, Gradebook, GradebookError, Place, csv_text, make_folder, write_csv

__all__ = ["BOM", "Gradebook", "GradebookError", "Place", "csv_text", "make_folder", "write_csv"]
