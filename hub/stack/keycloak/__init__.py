"""The realm: which clients, roles, groups and people the issuer knows, as the file Keycloak imports."""
