# One image, three processes: code server, webserver, daemon (compose.yaml starts them).
FROM python:3.12-slim

ENV DAGSTER_DISABLE_TELEMETRY=1 DO_NOT_TRACK=1 OPENBLAS_NUM_THREADS=1 CDP_HOME=/srv/cdp/home CDP_DEFS=/srv/cdp/company
WORKDIR /srv/cdp/app

COPY requirements-setup.lock requirements.lock ./
RUN python -m pip install --quiet --no-cache-dir --require-hashes -r requirements-setup.lock \
 && uv pip install --quiet --compile-bytecode --system --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE dagster.yaml workspace.yaml ./
COPY cdp_platform cdp_platform
COPY dbt dbt
COPY deploy deploy
# Compiled modules in the image: without them every process starts a second slower.
RUN uv pip install --quiet --system --no-deps --no-build-isolation --editable . \
 && python -m compileall -q cdp_platform \
 && useradd --create-home cdp && mkdir -p /srv/cdp/home /srv/cdp/company /srv/cdp/dagster && chown -R cdp /srv/cdp
USER cdp
VOLUME ["/srv/cdp/home"]
EXPOSE 3000
CMD ["dagster-webserver", "-w", "deploy/workspace.yaml", "-h", "0.0.0.0", "-p", "3000"]
