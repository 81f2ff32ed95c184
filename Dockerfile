# The one image of the hub's own parts; which of them runs, compose.yaml says.
FROM python:3.11.15-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 libseccomp2 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --home-dir /nonexistent hub \
 && install -d -o hub -g hub /sockets/postgres /sockets/model /sockets/parser /sockets/reader /sockets/issuer \
      /sockets/api /sockets/ui /keys /incoming /models
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY catalog catalog
COPY hub hub
COPY ingest ingest
COPY ui ui
COPY migrations migrations
COPY .streamlit .streamlit
COPY pyproject.toml README.md LICENSE ./
RUN pip install --no-cache-dir --no-deps --no-build-isolation .
USER hub
