#!/usr/bin/env bash
# Exits with 0 if the process in this container is ready. The image has no curl, and bash can talk to a port.
set -eu
exec 3<>"/dev/tcp/127.0.0.1/${Api__OpsPort:-8081}"
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS= read -r status <&3
[ "${status#HTTP/1.1 200}" != "$status" ]
