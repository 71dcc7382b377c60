# make demo: check a shipped session and show the report.    make test: run all tests.
.PHONY: help deps peers build demo test lint bench bench-proxy bench-smoke fuzz goldens reports manuals install clean
PREFIX ?= /usr/local
SECONDS ?= 60
# Exclusivity is proved in debug builds, by the tests; the release does not check it again at run time.
RELEASE = swift build -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked

# The tests read every fixture at every cut: optimised, they take a minute instead of six. Assertions stay on.
TEST = swift test --parallel --scratch-path .build/tests -Xswiftc -O -Xswiftc -assert-config -Xswiftc Debug

help: ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

deps: ## install what the build needs, if it is missing
	@.ci/deps

peers: ## install the programs that the tests compare with, if they are missing
	@.ci/peers

build: deps manuals ## the release binary, .build/release/attrace
	$(RELEASE) --product attrace

demo: build ## check a shipped session; its findings are the point
	@.build/release/attrace check --fail-on never fixtures/sim900/mail-session/input.trace

test: deps peers manuals ## run all tests
	$(TEST)

lint: deps manuals ## format, house rules, profiles
	swift format lint --strict --recursive Sources Tests Package.swift
	.ci/checks
	swift build --product attrace
	.build/debug/attrace profiles lint $(wildcard Sources/Profile/Manuals/*)

bench: deps manuals ## measure decoding and checking; writes reports/bench/latest.md
	$(RELEASE) --product attrace-bench
	.build/release/attrace-bench --record

bench-proxy: build ## an hour of 921,600 baud both ways through tap --proxy; needs a minute
	$(RELEASE) --product attrace-bench
	.build/release/attrace-bench --proxy

bench-smoke: deps manuals ## small sizes, right results only
	$(RELEASE) --product attrace-bench
	.build/release/attrace-bench --smoke

fuzz: deps manuals ## fuzz every entry, SECONDS in all (60)
	.ci/fuzz $(SECONDS)

goldens: deps peers manuals ## rewrite the expected results of the fixtures and all of reports/; read the diff
	ATTRACE_UPDATE_GOLDENS=1 $(TEST) --filter Golden
	$(MAKE) reports

GALLERY = sim900/mail-session 3gpp/firmware-dies l610/broken-framing

reports: deps manuals ## rewrite reports/profiles (what is checked of each manual), reports/rules, reports/gallery and reports/diff; read the diff
	swift build --product attrace
	mkdir -p reports/profiles
	for list in Sources/Profile/Manuals/*/sections.yaml; do \
	  name=$$(basename $$(dirname $$list)); \
	  .build/debug/attrace profiles coverage $$name --markdown -o reports/profiles/$$name.md || exit 1; \
	done
	rm -rf reports/rules && .build/debug/attrace explain --pages reports/rules
	mkdir -p reports/gallery
	for fixture in $(GALLERY); do \
	  .build/debug/attrace check --fail-on never --profile $${fixture%%/*} --format html \
	    -o reports/gallery/$$(echo $$fixture | tr / -).html fixtures/$$fixture/input.trace || exit 1; \
	done
	mkdir -p reports/diff
	.build/debug/attrace diff --profile sim900 --format text -o reports/diff/mail-poller.txt \
	  --format json -o reports/diff/mail-poller.json --format html -o reports/diff/mail-poller.html \
	  fixtures/diff/mail-poller/before.trace fixtures/diff/mail-poller/after.trace; test $$? -eq 1

manuals: ## embed the profiles in the program
	@.ci/embed-manuals

install: build ## install binary, man page and completions under PREFIX
	install -D -m 755 .build/release/attrace $(DESTDIR)$(PREFIX)/bin/attrace
	mkdir -p $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	.build/release/attrace man > $(DESTDIR)$(PREFIX)/share/man/man1/attrace.1
	.build/release/attrace completions bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/attrace
	.build/release/attrace completions zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_attrace
	.build/release/attrace completions fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/attrace.fish

clean: ## remove what was built
	rm -rf .build
