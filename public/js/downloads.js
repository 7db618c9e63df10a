// Downloads when the API is at another origin: a link there would come without the person's cookie where
// browsers keep cookies apart for each site, and a page may not name the file. So it is fetched, and kept.
import { ApiError } from "./api.js";
import { at, credentials } from "./server.js";
import { text } from "./text.js";

const KEEP_MS = 60_000;

/** Takes over clicks on links of the API that download. `onFailure` is told of one that brought nothing. */
export function takeDownloads(onFailure) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[download]");
    if (!link?.href.startsWith(at("/"))) return;
    event.preventDefault();
    download(link.href, link.download).catch(onFailure);
  });
}

export async function download(address, name = "") {
  const answer = await fetch(address, { credentials });
  if (!answer.ok) throw new ApiError({ detail: text.api.unexpected(answer.status), status: answer.status });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name || nameIn(answer) || new URL(address).pathname.split("/").at(-1);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP_MS);
}

const nameIn = (answer) => /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
