export type Language = "curl" | "JavaScript" | "Python";
export const languages: readonly Language[] = ["curl", "JavaScript", "Python"];

export const KEY_PLACEHOLDER = "YOUR_KEY";

/** Code that sends one event, ready to be pasted and run: no package is needed for any of them. */
export function snippet(language: Language, origin: string, key: string): string {
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
