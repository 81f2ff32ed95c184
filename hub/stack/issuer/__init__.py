"""The development issuer: signs people of the realm file in as Keycloak would, on one machine, for one password."""
