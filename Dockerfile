# The connector, and the Graph API sandbox that comes with it.
#   docker build -t meta-actions .
#   docker run --rm -e KAFKA_BROKERS=… -e KAFKA_TOPICS=… -e META_ACCESS_TOKEN=… -v "$PWD/mappings:/app/mappings:ro" meta-actions

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY actions actions
COPY console console
COPY scripts/build-console.ts scripts/
# The console's editor completes by it.
COPY schema schema
# The demo's shop events are compiled into the build.
COPY examples examples
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
WORKDIR /app
# In a container the ops server must be reachable from outside of it. The C library keeps memory for each thread that
# has ever asked for some, unless it is told to share it: 25 to 40 MB (docs/decisions/0630-one-arena.md).
ENV NODE_ENV=production OPS_HOST=0.0.0.0 OPS_PORT=9464 MALLOC_ARENA_MAX=1
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY bin bin
COPY schema schema
COPY mappings mappings
USER node
EXPOSE 9464
STOPSIGNAL SIGTERM
# Alive, not ready: a connector that waits for a token or for the broker must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.OPS_PORT}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/meta-actions.js"]
CMD ["run"]
