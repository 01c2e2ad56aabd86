"""The promise: after this edit exactly these nodes were made and these calls were bought, with real media and a real store."""
