package webkit

import "os"

// environment is that of a browser on a display.
func environment(display string) []string {
	env := []string{
		"DISPLAY=" + display,
		"GDK_BACKEND=x11",
		"NO_AT_BRIDGE=1",           // nobody listens on an accessibility bus
		"GSETTINGS_BACKEND=memory", // nor is there a desktop whose settings could be read
		"GIO_USE_VFS=local",
		"GIO_USE_PROXY_RESOLVER=dummy", // an office's proxy would be asked for the driver on this machine; pages have the front door
		"LIBGL_ALWAYS_SOFTWARE=1",
		"WEBKIT_SKIA_ENABLE_CPU_RENDERING=1", // without a GPU, shaders only make the processor work more
	}
	if os.Geteuid() == 0 {
		env = append(env, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1") // which refuses to run as root
	}
	return env
}
