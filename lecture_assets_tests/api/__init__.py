"""The API, over HTTP and websockets of loopback, by clients that others wrote."""
