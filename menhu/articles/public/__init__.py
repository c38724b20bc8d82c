"""The public face of articles: columns, article pages, feeds, sitemaps, home-page blocks."""
