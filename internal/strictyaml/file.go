package strictyaml

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ReadFile is the content of a file that a person named, if it is one to be read and no larger than MaxSize. The error begins with the file's name and
// says what is wrong with it; what was expected there, the caller knows.
func ReadFile(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", file)
	}
	if err == nil && info.Size() > MaxSize {
		return nil, fmt.Errorf("%s has %d bytes; at most %d are read", file, info.Size(), MaxSize)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(file)
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = fmt.Errorf("%s: %w", file, path.Err)
	}
	return data, err
}
