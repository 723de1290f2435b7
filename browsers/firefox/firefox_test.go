package firefox_test

import (
	"testing"

	"github.com/cookiegate/cookiegate/browsers/drivertest"
	"github.com/cookiegate/cookiegate/browsers/firefox"
)

func TestDriver(t *testing.T) { drivertest.Run(t, firefox.Driver{}) }
