# What this project can do from a fresh clone. Go, Node.js and make are enough
# for `make demo`; `make test` installs what else it needs where it may.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

web_modules := web/node_modules/.package-lock.json
web_built := build/web.stamp
web_sources := $(shell find web -type f \
	-not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/e2e/*' 2>/dev/null)

# What the program says of itself: the commit, or its tag.
version = $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1|\2/' | \
		while IFS='|' read -r target text; do printf 'make %-10s %s\n' "$$target" "$$text"; done

.PHONY: demo
demo: build ## build all and start it with made-up data; prints where to click
	bin/rapport demo $(ARGS)

.PHONY: test
test: ## run every check and test; the last line says what passed (STAGES="go vet" runs some)
	@mkdir -p build && go build -o build/test ./scripts/test && build/test $(STAGES)

.PHONY: lint
lint: ## run the formatters, linters and type checks only
	@$(MAKE) test STAGES="format vet staticcheck eslint types tsc"

.PHONY: build
build: web ## build the web apps and bin/rapport
	go build -trimpath -ldflags "-X rapport/app.Version=$(version)" -o bin/rapport ./cmd/rapport

.PHONY: web
web: $(web_built) ## build the web apps into web/dist, if a source changed

.PHONY: modules
modules: $(web_modules) ## install the web dependencies, if the lock file changed

.PHONY: bench
bench: build ## measure speed on this machine (ARGS="--quick" for one or two minutes)
	bin/rapport bench $(ARGS)

.PHONY: crash
crash: ## kill the program 200 times under load and compare what is stored (CRASHES=n)
	RAPPORT_CRASHES=$${CRASHES:-200} go test -count=1 -timeout 60m -run '^TestCrash$$' -v ./bench

.PHONY: fmt
fmt: $(web_modules) ## format the Go code and mend what the web linter can mend
	go fmt ./...
	cd web && npx eslint --fix .

.PHONY: generate
generate: $(web_modules) ## write the web's API types anew from the server's OpenAPI
	cd web && npm run generate

.PHONY: clean
clean: ## remove what was built and installed here; data stay
	rm -rf bin build web/node_modules web/packages/*/node_modules web/apps/*/node_modules web/e2e/node_modules web/e2e/out
	find web/dist -mindepth 1 -not -name .keep -delete

$(web_modules): web/package.json web/package-lock.json $(wildcard web/packages/*/package.json web/apps/*/package.json web/e2e/package.json)
	@command -v npm >/dev/null || { echo "Node.js 20 or newer with npm is needed: https://nodejs.org/"; exit 1; }
	cd web && npm ci --no-audit --no-fund
	@touch $@

$(web_built): $(web_modules) $(web_sources)
	cd web && npm run build
	@mkdir -p $(@D) && touch $@
