# The server for a PostgreSQL of its own (compose.yaml) or with the embedded one in /data.
FROM node:26.10.0-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
# The pages of the dashboard, which the user of the server may not write.
RUN node --conditions=commet-source -e "import('./apps/server/src/dashboard-build.ts').then(({ prepareDashboard }) => prepareDashboard())"

FROM node:26.10.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 COMMET_DATA_DIR=/data
# For the commands of operators, such as: docker compose exec server npm run keys -- list
ENV COMMET_INSTALLED=1 npm_config_update_notifier=false npm_config_logs_max=0
WORKDIR /app
COPY --from=build --chown=root:root /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--conditions=commet-source", "--disable-warning=ExperimentalWarning", "apps/server/src/main.ts"]
