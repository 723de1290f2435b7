// Stands in the place of playwright-core's own cli.js and answers the two commands that playwright-go knows: --version, run-driver.
//
// Playwright drives a patched Firefox of its own making. Here "firefox" is the stock browser over WebDriver BiDi instead, a browser
// that is already running: connectOverCDP, which Playwright serves for Chromium only, takes the address that Firefox printed, and
// newBrowserCDPSession is a raw session that speaks BiDi. A context's newCDPSession is not with a page: it answers two questions about that
// context, Cookiegate.heard with what Chromium said about its cookies, and Cookiegate.leaving with whether a document of it is to be replaced.
'use strict';

if (process.argv.includes('--version')) {
  console.log(`Version ${require('./package.json').version}`);
  return;
}

const { EventEmitter } = require('events');
const fs = require('fs');
const os = require('os');
const path = require('path');

// Browsers are talked to on this machine, where it takes longer to compress a message than to send it.
const bundle = require('./lib/utilsBundle');
class Uncompressed extends bundle.ws {
  constructor(url, protocols, options) {
    super(url, protocols, { ...options, perMessageDeflate: false });
  }
}
require.cache[require.resolve('./lib/utilsBundle')].exports = Object.create(bundle, { ws: { value: Uncompressed } });

const { BidiFirefox } = require('./lib/server/bidi/bidiFirefox');
const { BidiBrowser } = require('./lib/server/bidi/bidiBrowser');
const { BrowserDispatcher } = require('./lib/server/dispatchers/browserDispatcher');
const { BrowserContextDispatcher } = require('./lib/server/dispatchers/browserContextDispatcher');
const { CRNetworkManager } = require('./lib/server/chromium/crNetworkManager');
const { CDPSessionDispatcher } = require('./lib/server/dispatchers/cdpSessionDispatcher');
const { FrameManager } = require('./lib/server/frames');
const { ProgressController } = require('./lib/server/progress');
const { TimeoutSettings } = require('./lib/server/timeoutSettings');
const { WebSocketTransport } = require('./lib/server/transport');

// What Playwright puts aside, a trace before it is packed among it, lies in a folder of this process's own: it goes with it, and whoever started it
// is told of it, for a process that is killed clears nothing away.
const own = fs.mkdtempSync(path.join(os.tmpdir(), 'cookiegate-driver-'));
Object.assign(process.env, { TMPDIR: own, TEMP: own, TMP: own });
process.stderr.write(`temporary folder ${own}\n`);
process.on('exit', () => fs.rmSync(own, { recursive: true, force: true }));

class StockFirefox extends BidiFirefox {
  constructor(parent) {
    super(parent);
    this._name = 'firefox';
  }

  executablePath() {
    return ''; // not of Playwright's registry
  }

  async connectOverCDP(metadata, endpoint, options) {
    const controller = new ProgressController(metadata, this);
    return controller.run(progress => this._attach(progress, endpoint), TimeoutSettings.timeout(options));
  }

  async _attach(progress, endpoint) {
    const url = new URL(endpoint);
    const persistent = url.searchParams.has('persistent') ? { noDefaultViewport: true } : undefined;
    url.search = '';
    const transport = completed(await WebSocketTransport.connect(progress, url.href));
    const artifactsDir = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'playwright-artifacts-'));
    const detach = () => transport.closeAndWait();
    const browser = await BidiBrowser.connect(this.attribution.playwright, transport, {
      name: this._name,
      isChromium: false,
      persistent,
      browserProcess: { close: detach, kill: detach },
      protocolLogger: () => {},
      browserLogsCollector: { recentLogs: () => [], log: () => {} },
      artifactsDir,
      downloadsPath: artifactsDir,
      tracesDir: artifactsDir,
      originalLaunchOptions: {},
    });
    browser.on('disconnected', () => fs.promises.rm(artifactsDir, { recursive: true, force: true }));
    return browser;
  }
}

// completed changes what BidiBrowser asks of Firefox. The front door's certificates are of its own authority. And a page is a tab of the
// window that is there: a window of its own costs more than all that a case does in it.
function completed(transport) {
  const send = transport.send.bind(transport);
  transport.send = message => {
    if (message.method === 'session.new')
      message.params.capabilities.alwaysMatch.acceptInsecureCerts = true;
    if (message.method === 'browsingContext.create')
      message.params.type = 'tab';
    send(message);
  };
  return transport;
}

// Firefox tells a frame's name when the frame comes, and BidiPage has no ear for it.
const names = new Map();
const contextCreated = BidiBrowser.prototype._onBrowsingContextCreated;
BidiBrowser.prototype._onBrowsingContextCreated = function(event) {
  if (event.parent && event['moz:name'])
    names.set(event.context, event['moz:name']);
  contextCreated.call(this, event);
};
const navigated = FrameManager.prototype.frameCommittedNewDocumentNavigation;
FrameManager.prototype.frameCommittedNewDocumentNavigation = function(frameId, url, name, ...rest) {
  navigated.call(this, frameId, url, name || names.get(frameId) || '', ...rest);
};

// A frame that goes to another site and straight back may come back before Playwright met the process that it went to. Playwright takes it
// for a new frame then, and asserts that it is not; it is the old one, without the documents in it.
const attached = FrameManager.prototype.frameAttached;
FrameManager.prototype.frameAttached = function(frameId, parentFrameId) {
  const frame = parentFrameId && this._frames.get(frameId);
  if (!frame)
    return attached.call(this, frameId, parentFrameId);
  this.removeChildFramesRecursively(frame);
  return frame;
};

class RawSession extends EventEmitter {
  constructor(send) {
    super();
    this.guid = `raw-session@${++RawSession.last}`;
    this.send = send;
  }

  static last = 0;

  detach() {
    this.emit('close');
  }
}

const sessionOfChromium = BrowserDispatcher.prototype.newBrowserCDPSession;
BrowserDispatcher.prototype.newBrowserCDPSession = function() {
  if (this._object.options.isChromium)
    return sessionOfChromium.call(this);
  const bidi = this._object._browserSession;
  return { session: new CDPSessionDispatcher(this, new RawSession(bidi.send.bind(bidi))) };
};

// Playwright holds every page, popup and frame until it listens to it; who listens along misses nothing.
const heard = new WeakMap(); // by browser context
const listen = CRNetworkManager.prototype.addSession;
CRNetworkManager.prototype.addSession = function(session, ...rest) {
  const context = (this._page || this._serviceWorker)._browserContext;
  if (!heard.has(context))
    heard.set(context, []);
  const words = heard.get(context);
  const blocked = cookies => cookies.filter(c => c.blockedReasons.length).map(c => ({
    name: c.cookie ? c.cookie.name : c.cookieLine.split('=')[0], domain: c.cookie && c.cookie.domain, reasons: c.blockedReasons,
  }));
  session.on('Network.requestWillBeSent', e => words.push({ request: e.requestId, url: e.request.url }));
  session.on('Network.requestWillBeSentExtraInfo', e => words.push({ request: e.requestId, at: Date.now(), send: blocked(e.associatedCookies) }));
  session.on('Network.responseReceivedExtraInfo', e => words.push({ request: e.requestId, at: Date.now(), store: blocked(e.blockedCookies) }));
  return listen.call(this, session, ...rest);
};
// What a script sends elsewhere has been announced before that script's document answers another question, and may reach the network much later.
const leaving = context => context.pages().some(page => page.frames().some(frame => frame.pendingDocument()));
BrowserContextDispatcher.prototype.newCDPSession = function() {
  const answers = {
    'Cookiegate.heard': () => ({ words: heard.get(this._object) || [] }),
    'Cookiegate.leaving': () => ({ leaving: leaving(this._object) }),
  };
  const send = async method => {
    if (!answers[method])
      throw new Error(`no such method: ${method}`);
    return answers[method]();
  };
  return { session: new CDPSessionDispatcher(this, new RawSession(send)) };
};

require.cache[require.resolve('./lib/server/firefox/firefox')] = { loaded: true, exports: { Firefox: StockFirefox } };
require('./lib/cli/driver').runDriver();
