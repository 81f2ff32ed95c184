"""The residency report as a file to take along: JSON with its digest, CSV, and a page to print and sign."""
