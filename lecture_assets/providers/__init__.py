"""The vendors, one a file or folder, behind `ports.Provider`; their models and prices in `catalogue.py`."""
