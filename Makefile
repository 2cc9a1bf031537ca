# Two commands do everything on a machine with Python >= 3.11 and make:
#   make lab     open the course in JupyterLab
#   make test    run every check and every notebook
PYTHON ?= python3
VENV   ?= .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY    := $(BIN)/python
READY := $(VENV)/.ready
# an unpacked bundle brings its packages along
OFFLINE := $(if $(wildcard wheels/*.whl),--no-index --find-links wheels)

.PHONY: lab test run claims new notebooks student slides bundle bench results doctor colab oldest newest backends workshop-load mutants install clean
.DEFAULT_GOAL := lab

install: $(READY)

# The stamp is written last, so an installation that was interrupted is taken up again.
$(READY): requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; ok = sys.version_info >= (3, 11); ok or print("This course needs Python 3.11 or newer, and $(PYTHON) is %d.%d: install a newer one, then run  make PYTHON=python3.12 $(MAKECMDGOALS)" % sys.version_info[:2]); sys.exit(not ok)'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "Could not create $(VENV): on Debian and Ubuntu run  sudo apt install python3-venv  and try again."; rm -rf $(VENV); exit 1; }
	@echo "Installing the course into $(VENV) (once; about 2.5 GB on disk) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check $(OFFLINE) -r requirements.txt -c constraints.txt -e . || { echo "Installation failed: check the network, then run the same command again; it goes on where it stopped."; exit 1; }
	@touch $(READY)

lab: $(READY)
	@$(PY) -m dlcourse lab $(ARGS)

test: $(READY)
	@$(PY) tests/run_all.py $(ARGS)

run: $(READY)
	@$(PY) -m dlcourse run $(ARGS)

# what the claims' bounds are worth: make run ARGS="--seeds 0-9" comes first
claims: $(READY)
	@$(PY) -m dlcourse claims $(ARGS)

# the files of a new lesson: make new ARGS='71 "Autoencoders"'
new: $(READY)
	@$(PY) -m dlcourse new $(ARGS)

notebooks: $(READY)
	@$(PY) -m dlcourse notebooks $(ARGS)

student: $(READY)
	@$(PY) -m dlcourse student $(ARGS)

slides: $(READY)
	@$(PY) -m dlcourse slides $(ARGS)

bundle: $(READY)
	@$(PY) -m dlcourse bundle $(ARGS)

bench: $(READY)
	@$(PY) -m dlcourse bench $(ARGS)

# with Colab's package versions, in an environment of its own (needs Python 3.13 or 3.12)
colab: $(READY)
	@$(PY) tests/colab.py $(ARGS)

# the lowest and the newest versions that requirements.txt admits; JAX and PyTorch
oldest newest backends: $(READY)
	@$(PY) tests/environments.py $@ $(ARGS)

# small changes to the package, one at a time: how many does a test notice?
mutants: $(READY)
	@$(PY) tests/mutants.py $(ARGS)

# one server, many learners: how long, how much memory, what is lost
workshop-load: $(READY)
	@$(PY) tests/workshop_load.py $(ARGS)

# RESULTS.md's part on the real data: make run ARGS="--profile full --seeds 0-2" comes first
results: $(READY)
	@$(PY) -m dlcourse results $(ARGS)

doctor: $(READY)
	@$(PY) -m dlcourse doctor

clean:
	rm -rf $(VENV) build bundle dist runs student slides *.egg-info .pytest_cache .ruff_cache .hypothesis
