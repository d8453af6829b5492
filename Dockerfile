# Policy Desk as a school runs it. docs/container.md says what is in here, why, and how it was checked.

# --- Builds: everything is installed here, and nothing of it goes on but dist/ ------------------------------------------------
FROM node:22.23.3-bookworm-slim AS build
WORKDIR /build

# First what changes seldom, so that the packages are installed anew only when they change. .npmrc keeps install scripts from running.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund

COPY tsconfig.json ./
COPY build build
COPY src src
# The types were checked with the tests, which are not in here.
RUN npm run build:container

# --- Runs: Debian, the one file that is Node, and Policy Desk ------------------------------------------------------------------
FROM debian:12.15-slim
LABEL org.opencontainers.image.title="Policy Desk" \
      org.opencontainers.image.licenses="MIT"

COPY --from=build /usr/local/bin/node /usr/local/bin/node
# Whoever takes over the process cannot change the program: it belongs to root, and is read as another user. Schools' files lie in the
# one folder that may be written to.
RUN groupadd --gid 10001 policy-desk \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin policy-desk \
 && install -d -o 10001 -g 10001 /var/lib/policy-desk/schools

WORKDIR /app
COPY LICENSE package.json ./
COPY adaptiveCards adaptiveCards
COPY pages pages
COPY --from=build /build/dist dist

ENV NODE_ENV=production \
    PORT=3978 \
    SCHOOLS_DIR=/var/lib/policy-desk/schools
USER 10001:10001
EXPOSE 3978
VOLUME ["/var/lib/policy-desk/schools"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# Node passes SIGTERM on to the program, which finishes what is under way. A command instead of the server: dist/cli/verify.js
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/main.js"]
