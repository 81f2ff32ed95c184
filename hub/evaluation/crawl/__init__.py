"""`hub eval crawl`: adversaries who want the whole corpus, through the API's real door, with and without budgets."""
