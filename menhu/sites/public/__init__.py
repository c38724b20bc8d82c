"""The public face of sites: frames, home pages, columns without articles, pages that every site has."""
