"""Vendors of models, behind `ports.Provider`. Nothing here retries or keeps accounts: that is the runner's.

vendors.py               START HERE to add a vendor: one row per vendor
opening.py               opens the adapter that a row names
openai/, replicate/      adapters of real vendors
simulated/               a vendor that needs neither keys nor network

catalogue.py             all models: `models.toml` (its format is in `catalogue_file.py`) and the user's own file
model.py                 one model: what it accepts, its prices and its rate limits
model_name.py            its name as people write it, with parameters
simulated_models.py      the simulated models, with their prices and latencies
environment_numbers.py   environment variables with numbers by name
called.py                the model that a call names
amounts.py               how much of each billed unit a call uses, and what it costs

wire.py                  a connection to one vendor, bounded in bytes and time; `proxies.py` finds the proxy
departure.py             the last moment before a paid request is sent
answers.py               parses what a vendor sends; `rate_headers.py` parses its rate limits
failures.py              what a failure means, and the message for it
reply_cache.py           keeps replies that come only once on disk, in `reserved_files.py`
cassette.py              records exchanges with vendors, and replays them
"""
