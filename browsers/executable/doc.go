// Package executable finds installed browsers and asks them for their version.
package executable
