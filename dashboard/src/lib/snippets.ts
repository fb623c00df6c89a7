export type Language = "curl" | "JavaScript" | "Python" | "Website";
export const languages: readonly Language[] = ["curl", "JavaScript", "Python", "Website"];

export const KEY_PLACEHOLDER = "YOUR_KEY";

/** Code that sends one event, ready to be pasted and run: no package is needed for any of them. */
export function snippet(language: Language, origin: string, key: string, projectId: string): string {
  if (language === "Website") return website(origin, projectId);
  return { curl, JavaScript: javaScript, Python: python }[language](`${origin}/ingest/event`, key);
}

function curl(url: string, key: string): string {
  return `curl -X POST ${url} \\
  -H 'x-api-key: ${key}' \\
  -H 'content-type: application/json' \\
  -d '{"name": "signup", "userId": "user_1", "properties": {"plan": "pro"}}'`;
}

function javaScript(url: string, key: string): string {
  return `await fetch("${url}", {
  method: "POST",
  headers: { "x-api-key": "${key}", "content-type": "application/json" },
  body: JSON.stringify({ name: "signup", userId: "user_1", properties: { plan: "pro" } }),
});`;
}

function python(url: string, key: string): string {
  return `import json, urllib.request

event = {"name": "signup", "userId": "user_1", "properties": {"plan": "pro"}}
request = urllib.request.Request(
    "${url}",
    data=json.dumps(event).encode(),
    headers={"x-api-key": "${key}", "content-type": "application/json"},
)
print(urllib.request.urlopen(request).read().decode())`;
}

// A string is sent as plain text, for which no browser has to ask first. The picture's address of its page is whole
// only when the page says so.
function website(origin: string, projectId: string): string {
  return `<script>
  navigator.sendBeacon("${origin}/track", JSON.stringify({
    websiteId: "${projectId}",
    eventType: "page_view",
    url: location.href,
    referrer: document.referrer,
  }));
</script>
<noscript>
  <img src="${origin}/track.gif?websiteId=${projectId}" alt="" width="1" height="1"
    referrerpolicy="no-referrer-when-downgrade">
</noscript>`;
}
