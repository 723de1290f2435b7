package firefox

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cookiegate/cookiegate/browsers"
	"github.com/cookiegate/cookiegate/browsers/policy"
	"github.com/cookiegate/cookiegate/browsers/process"
)

// managed is the content of policies.json; nil when the IT department sets nothing.
func managed(p policy.Policy) map[string]any {
	lists := map[policy.Decision]string{policy.Allow: "Allow", policy.Block: "Block", policy.SessionOnly: "AllowSession"}
	cookies := map[string]any{}
	for _, e := range p.Exceptions {
		if e.By == policy.Managed {
			list, _ := cookies[lists[e.Decision]].([]string)
			cookies[lists[e.Decision]] = append(list, policy.FirefoxEntries(e)...)
		}
	}
	if len(cookies) == 0 {
		return nil
	}
	return map[string]any{"policies": map[string]any{"Cookies": cookies}}
}

// policyFolder is where an installation looks for policies.json.
func policyFolder(x browsers.Executable) (string, error) {
	real, err := filepath.EvalSymlinks(x.Path)
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(real), "distribution"), nil
}

// machineFolder is where on Linux every Firefox looks for policies.json first.
const machineFolder = "/etc/firefox/policies"

// manage lays a folder of the process's own over the installation's, with these policies in it and none of the installation's or the machine's: what is
// in force must be the case's policy, and nothing that an IT department wants of this machine. Where there are none and that cannot be done, or would take a
// copy of the whole installation, what is there stays, and the probe finds out where it matters.
func (e *engine) manage(policies map[string]any) error {
	if policies == nil && process.CanMount() != nil {
		return nil
	}
	hidden, ok, err := process.Hide(machineFolder, filepath.Join(e.options.Dir, "machine"))
	if err != nil {
		return err
	}
	if ok {
		e.mounts = append(e.mounts, hidden)
	}
	folder, err := policyFolder(e.exe)
	if err != nil {
		return err
	}
	if _, err := os.Stat(folder); policies == nil && err != nil {
		return nil
	}
	m, dir, err := process.Overlay(folder, filepath.Join(e.options.Dir, "managed"))
	if err != nil {
		return err
	}
	e.mounts, e.policies = append(e.mounts, m), filepath.Join(dir, "policies.json")
	return writeManaged(e.policies, policies)
}

// writeManaged makes policies what the file says; without any there is none.
func writeManaged(file string, policies map[string]any) error {
	if policies == nil {
		if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	data, err := json.MarshalIndent(policies, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}
