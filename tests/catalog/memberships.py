"""Who belonged to the union and the economic area in 2026, written out a second time from the treaties."""

MEMBERS = {
    "AT": "Austria",
    "BE": "Belgium",
    "BG": "Bulgaria",
    "CY": "Cyprus",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "EE": "Estonia",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GR": "Greece",
    "HR": "Croatia",
    "HU": "Hungary",
    "IE": "Ireland",
    "IT": "Italy",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "LV": "Latvia",
    "MT": "Malta",
    "NL": "Netherlands",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "SE": "Sweden",
    "SI": "Slovenia",
    "SK": "Slovakia",
}
EEA_ONLY = ["IS", "LI", "NO"]
OUTSIDE = ["GB", "CH", "US", "UA", "TR", "RS", "AL", "ME", "MK", "BA", "MD", "GE", "CN", "RU", "GL", "FO", "JE", "IM"]
GROUPS = {"EU": frozenset(MEMBERS), "EEA": frozenset([*MEMBERS, *EEA_ONLY])}
