# docker build -t zendesk-availability-emulator .
# docker run --rm -p 127.0.0.1:8080:8080 zendesk-availability-emulator
#
# Every flag of `serve` is an environment variable: -e EMULATOR_RATE_LIMIT=off and so on.

# What all images have in common: everything but the binary.
FROM scratch AS base
ENV EMULATOR_HOST=0.0.0.0
EXPOSE 8080
USER 65532:65532
HEALTHCHECK --interval=2s --timeout=2s --start-period=5s CMD ["/zendesk-availability-emulator", "healthcheck"]
ENTRYPOINT ["/zendesk-availability-emulator"]

# For a static binary that is already built, and alone in its directory DIR:
# docker build --target prebuilt -f Dockerfile DIR
FROM base AS prebuilt
COPY zendesk-availability-emulator /

FROM rust:1.95-slim AS build
WORKDIR /build
COPY . .
# Static without musl: glibc itself is linked in. The explicit target keeps the flags away from build scripts and
# procedural macros, which cannot be static. A static program cannot look up the function for random numbers while it
# runs. Without the flag for getrandom, it would read /dev/urandom, which an empty root does not have. .ci/run builds
# with the same lines.
RUN set -eu; \
    target=$(rustc -vV | sed -n 's/^host: //p'); \
    RUSTFLAGS='-C target-feature=+crt-static --cfg getrandom_backend="linux_getrandom"' \
        cargo build --profile container --locked --target "$target"; \
    mv "target/$target/container/zendesk-availability-emulator" /

FROM base
COPY --from=build /zendesk-availability-emulator /
