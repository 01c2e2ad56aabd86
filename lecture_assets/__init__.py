"""A brief becomes a narrated lecture video; an edit remakes exactly what depends on it."""
