"""Pages where features meet: the front page, preferences, and whether the site is well."""
