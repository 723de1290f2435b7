package suites

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/shard"
)

// writable says whether the reports can be written when the run is over.
func (p Publication) writable() error {
	if p.Out != "" {
		if err := report.CanWrite(filepath.Join(p.Out, "results.json")); err != nil {
			return unwritable("--out (OUT)", err, "a folder that can be made and written to")
		}
	}
	if p.TAP != "" {
		if p.overReport() {
			return fmt.Errorf("--tap (TAP): %s is one of the run's other reports; expected a file of its own", p.TAP)
		}
		if err := report.CanWrite(p.TAP); err != nil {
			return unwritable("--tap (TAP)", err, "a file that can be written")
		}
	}
	return nil
}

// overReport says whether TAP names one of the files in Out.
func (p Publication) overReport() bool {
	tap, noTAP := filepath.Abs(p.TAP)
	out, noOut := filepath.Abs(p.Out)
	return p.Out != "" && noTAP == nil && noOut == nil && filepath.Dir(tap) == out && slices.Contains(report.Files, filepath.Base(tap))
}

// unwritable names the flag, and, where the system refused, what was expected.
func unwritable(flag string, err error, expected string) error {
	if refused := (*fs.PathError)(nil); errors.As(err, &refused) {
		return fmt.Errorf("%s: %w; expected %s", flag, err, expected)
	}
	return fmt.Errorf("%s: %w", flag, err)
}

// write writes the reports of a run.
func (p Publication) write(run, against *report.Run) error {
	if p.Out != "" {
		if err := report.Write(p.Out, run, against); err != nil {
			return err
		}
	}
	if p.TAP != "" {
		if err := report.WriteFile(p.TAP, func(w io.Writer) error { return report.TAP(w, *run) }); err != nil {
			return err
		}
	}
	if p.Summary != "" {
		return appendSummary(p.Summary, *run)
	}
	return nil
}

// print prints to w what a person reads of a run, the matrix first, and a last line where there is one.
func (p Publication) print(w io.Writer, run, against *report.Run, last string) error {
	if err := report.Terminal(w, *run, report.Colourful(w)); err != nil {
		return err
	}
	if against != nil {
		if err := report.TerminalComparison(w, *against, *run); err != nil {
			return err
		}
	}
	if p.Annotations {
		if err := report.Annotations(w, *run); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, last)
	return err
}

// appendSummary adds to the file that GitHub shows of a step, to which the step may have written already.
func appendSummary(path string, run report.Run) (err error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("the job summary: %w", err)
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	return report.Summary(f, run)
}

// Merge makes one run of the blobs of all shards, publishes it, prints the matrix to w and returns the exit code. Nothing is written where
// the blobs do not make a whole.
func Merge(w io.Writer, paths []string, p Publication) (int, error) {
	run, err := shard.Merge(paths)
	if err != nil {
		return ExitNoRun, err
	}
	against, err := p.earlier()
	if err != nil {
		return ExitNoRun, err
	}
	if err := p.writable(); err != nil {
		return ExitNoRun, err
	}
	if p.Out != "" {
		if err := report.RemoveEarlier(p.Out, report.Traces); err != nil {
			return ExitNoRun, fmt.Errorf("removing earlier traces: %w", err)
		}
	}
	unwritten := p.write(&run, against)
	return published(unwritten, p.print(w, &run, against, ""), exitCode(run, false))
}
