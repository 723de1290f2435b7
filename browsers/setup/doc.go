// Package setup installs what driving browsers needs and is missing, and says what is there and what is not.
//
// Browsers and Node come as the distribution's packages, the Playwright driver as the npm package playwright-core through the ordinary npm
// client, so that a machine's own registry settings hold. Nothing is downloaded that is already there.
package setup
