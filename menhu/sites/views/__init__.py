"""The back-office pages of sites: the cluster, columns, requests, home pages, banners, kinds and templates."""
