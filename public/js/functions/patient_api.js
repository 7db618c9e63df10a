// Calls that may take as long as a function takes, and whose refusal tells more than others: what the words may mean,
// which job it became.
import { Api } from "../api.js";

const DEADLINE_MS = 140_000; // the server waits 120 seconds at most

/** The answer of a POST. An ApiError has `alternatives` (a list) and `jobId` (or null) besides. */
export async function patientPost(api, path, body, headers = {}, signal = null) {
  let told = null;
  const patient = new Api(async (address, request) => {
    const signals = [AbortSignal.timeout(DEADLINE_MS), ...(signal ? [signal] : [])];
    const response = await api.fetch(address, { ...request, signal: AbortSignal.any(signals) });
    if (!response.ok) told = await response.clone().json().catch(() => null);
    return response;
  });
  patient.onUnauthorized = api.onUnauthorized;
  try {
    return await patient.post(path, body, headers);
  } catch (error) {
    throw Object.assign(error, { alternatives: told?.alternatives ?? [], jobId: told?.jobId ?? null });
  }
}
