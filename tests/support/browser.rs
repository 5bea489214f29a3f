//! A real browser, without a screen, driven over the WebDriver protocol (W3C): clicks, types, reads, and tells every
//! request it made.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{lab, port::Port, tools};

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) dark: bool,
}

/// A browser with one window. It ends with the test.
pub(crate) struct Browser {
    driver: Child,
    url: String,
    runtime: Runtime,
    client: reqwest::Client,
    _port: Port,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// `None` where there is no browser, and no CI that must have one.
    #[track_caller]
    pub(crate) fn start(screen: Screen) -> Option<Self> {
        let (browser, driver) = (tools::needs("chromium")?, tools::needs("chromedriver")?);
        let profile = tempfile::tempdir().expect("a profile");
        // One that it chooses itself may be taken on the other of IPv4 and IPv6, and then it gives up.
        let port = Port::reserve();
        let mut driver = Command::new(driver)
            .arg(format!("--port={}", port.number))
            .env("HOME", profile.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        listens(&mut driver);
        let mut browser_args = vec![
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-quic".to_owned(),
        ];
        browser_args.push(format!("--user-data-dir={}", profile.path().join("user").display()));
        browser_args.push(format!("--window-size={},{}", screen.width, screen.height));
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"binary": browser, "args": browser_args},
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
        }}});
        let mut browser = Self {
            driver,
            url: format!("http://127.0.0.1:{}/session", port.number),
            runtime: Runtime::new().expect("a runtime"),
            client: lab::client(),
            _port: port,
            _profile: profile,
        };
        let session = browser.send(&Method::POST, "", &capabilities);
        let id = session["sessionId"].as_str().expect("a session").to_owned();
        browser.url = format!("{}/{id}", browser.url);
        browser.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": screen.width, "height": screen.height, "deviceScaleFactor": 1, "mobile": screen.width < 600}),
        );
        let scheme = if screen.dark { "dark" } else { "light" };
        browser.devtools(
            "Emulation.setEmulatedMedia",
            &json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
        Some(browser)
    }

    /// Opens a file. What the browser asked for on its own account before is forgotten.
    pub(crate) fn open(&self, page: &Path) {
        self.send(&Method::POST, "/url", &json!({"url": "about:blank"}));
        self.log();
        self.send(&Method::POST, "/url", &json!({"url": format!("file://{}", page.display())}));
    }

    /// The value that a function body returns in the page. The driver's own channel: the page's policy holds for the
    /// page.
    pub(crate) fn ask(&self, script: &str) -> Value {
        self.send(&Method::POST, "/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Waits until a script says true.
    #[track_caller]
    pub(crate) fn until(&self, script: &str) {
        let wait = format!(
            "const done = arguments[arguments.length - 1];
             const look = () => {{ if ((() => {{ {script} }})()) done(true); else setTimeout(look, 20); }}; look();"
        );
        let found = self.send(&Method::POST, "/execute/async", &json!({"script": wait, "args": []}));
        assert_eq!(found, json!(true), "{script}");
    }

    /// Clicks, as a person does: where it is, if nothing lies over it.
    #[track_caller]
    pub(crate) fn click(&self, css: &str) {
        let element = self.element(css);
        self.send(&Method::POST, &format!("/element/{element}/click"), &json!({}));
    }

    /// Types, key by key.
    #[track_caller]
    pub(crate) fn types(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.send(&Method::POST, &format!("/element/{element}/value"), &json!({"text": text}));
    }

    /// The text a person sees.
    #[track_caller]
    pub(crate) fn reads(&self, css: &str) -> String {
        let element = self.element(css);
        let text = self.send(&Method::GET, &format!("/element/{element}/text"), &Value::Null);
        text.as_str().expect("a text").to_owned()
    }

    /// Every address that was asked for, and everything the console was told.
    pub(crate) fn log(&self) -> (Vec<String>, Vec<String>) {
        let entries = self.send(&Method::POST, "/se/log", &json!({"type": "performance"}));
        let requests = entries.as_array().expect("a log").iter().filter_map(|entry| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let is_request = message["message"]["method"] == "Network.requestWillBeSent";
            is_request.then(|| message["message"]["params"]["request"]["url"].as_str().map(str::to_owned))?
        });
        let console = self.send(&Method::POST, "/se/log", &json!({"type": "browser"}));
        let console = console.as_array().expect("a log").iter().map(|entry| entry["message"].to_string());
        (requests.collect(), console.collect())
    }

    /// The whole page as PNG, for a person who wants to see it: into the directory of `CERTREQ_PICTURES`, if it is
    /// set.
    pub(crate) fn picture(&self, name: &str) {
        let Some(directory) = std::env::var_os("CERTREQ_PICTURES") else { return };
        let shot = self.devtools("Page.captureScreenshot", &json!({"captureBeyondViewport": true}));
        let bytes = STANDARD.decode(shot["data"].as_str().expect("a picture")).expect("base64");
        std::fs::write(Path::new(&directory).join(name), bytes).expect("the picture is written");
    }

    pub(crate) fn devtools(&self, command: &str, params: &Value) -> Value {
        self.send(&Method::POST, "/goog/cdp/execute", &json!({"cmd": command, "params": params}))
    }

    #[track_caller]
    fn element(&self, css: &str) -> String {
        let found = self.send(&Method::POST, "/element", &json!({"using": "css selector", "value": css}));
        let id = found.as_object().and_then(|object| object.values().next()).and_then(Value::as_str);
        id.unwrap_or_else(|| panic!("no {css}: {found}")).to_owned()
    }

    #[track_caller]
    fn send(&self, method: &Method, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.url);
        let answer: Value = self.runtime.block_on(async {
            let request = self.client.request(method.clone(), &url);
            let request = if *method == Method::GET { request } else { request.json(body) };
            request.send().await.expect("chromedriver answers").json().await.expect("JSON")
        });
        let value = &answer["value"];
        assert!(value.get("error").is_none(), "{path} {body}: {}", value["message"]);
        value.clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser first: without its driver it would stay.
        let request = self.client.delete(&self.url);
        let _ = self.runtime.block_on(async { request.send().await.map(drop) });
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Waits until chromedriver says on stdout that it listens.
fn listens(driver: &mut Child) {
    let out = driver.stdout.take().expect("a pipe");
    let mut said = String::new();
    for line in BufReader::new(out).lines() {
        let line = line.expect("readable");
        if line.contains("started successfully") {
            return;
        }
        said.push_str(&line);
    }
    panic!("chromedriver ended: {said}")
}
