# What a person types: make e2e, make test, make bench. Everything else is in service of these.

GO     ?= go
OUT    ?= out
BIN    := bin
GINKGO := $(GO) tool ginkgo --vet=off $(if $(WORKERS),--procs=$(WORKERS),-p) --timeout=1h --no-color
SOURCE := $(shell find . -path ./$(BIN) -prune -o -path './$(OUT)' -prune -o -type f \( -name '*.go' -o -path './fixtures/*' -o -name '*.js' -o -name '*.html' -o -name '*.css' -o -name '*.tmpl' -o -name '*.json' \) -print) go.mod go.sum

# What make builds is not for a debugger, and without its tables the compiler, which is most of a first run, takes a fifth less time.
export GOFLAGS := $(strip -gcflags=all=-dwarf=false $(shell $(GO) env GOFLAGS))

.DEFAULT_GOAL := help
.PHONY: help setup e2e conformance facts test lint bench clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo '  BROWSERS=chromium,firefox  POLICIES=block-third-party,…  SUITES=matrix,lifecycle  FOCUS=regexp  WORKERS=n  INTEGRATION=my.yaml'
	@echo '  BASELINE=file  STRICT=true  REPEAT=n  FAIL_ON_FLAKY=true  SEED=n  SHARD=2/5  AGAINST=results.json  TAP=file'
	@echo '  PICTURES=true  TRACES=true  OUT=folder; docs/ci.md tells of each'

$(BIN)/cookiegate: $(SOURCE)
	@$(GO) build -o $@ ./cmd/cookiegate

$(BIN)/e2e.test: $(SOURCE)
	@$(GO) test -c -vet=off -o $@ ./suites/e2e

setup: $(BIN)/cookiegate ## install browsers and driver where they are missing
	@$(BIN)/cookiegate setup

e2e: $(BIN)/cookiegate $(BIN)/e2e.test ## every integration in every browser under every cookie policy
	@$(BIN)/cookiegate setup
	@OUT='$(OUT)' $(BIN)/e2e.test -test.timeout=0

conformance: $(BIN)/cookiegate ## the policy model against the browsers, cookie by cookie
	@$(BIN)/cookiegate setup
	@$(GINKGO) ./suites/conformance

facts: $(BIN)/cookiegate ## docs/browser-facts.md anew, from the browsers of this machine, and what changed
	@$(BIN)/cookiegate setup
	@FACTS='$(CURDIR)/docs/browser-facts.md' $(GINKGO) ./suites/conformance
	@git --no-pager diff -- docs/browser-facts.md

lint: ## formatting, vet, staticcheck, tidy
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	@$(GO) vet ./...
	@$(GO) tool staticcheck ./...
	@$(GO) mod tidy -diff

# The first time, setting up waits for packages and lint compiles: they go side by side. Lint vets, so that nothing else has to. Under the race
# detector every process would wait for a second before it ends, and to inline would take the compiler longer than it saves.
test: $(BIN)/cookiegate ## lint, unit tests (race detector, random order), a short run in the browsers, the tutorial
	@$(MAKE) --no-print-directory -j2 lint setup
	@GORACE=atexit_sleep_ms=20 $(GO) test -race -gcflags=all='-dwarf=false -l' -vet=off -shuffle=on -short ./...

# One package after the other: a compiler beside a measurement would be measured too.
bench: $(BIN)/cookiegate ## every figure this project promises, as ratios measured in one run
	@$(BIN)/cookiegate setup
	@$(GO) test -run '^$$' -bench . -p 1 ./...

clean: ## remove what was built and written here
	@rm -rf $(BIN) '$(OUT)'
