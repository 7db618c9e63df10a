// The npm clients as their documentation uses them, and handles for the tests: window.connect makes
// a base client, window.show mounts a React chat, window.chat is what its hook gave last.
import { useAgentChat } from "@cloudflare/ai-chat/react";
import { AgentClient } from "agents/client";
import { useAgent } from "agents/react";
import { Component, Suspense, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

const TOOLS = {
  browserColour: {
    description: "The favourite colour of the person at the browser.",
    parameters: { type: "object", properties: { of: { type: "string" } } },
  },
};

window.connect = (options) => {
  window.client = new AgentClient({
    host: location.host,
    onStateUpdate: (state, source) => window.states.push({ state, source }),
    onStateUpdateError: (error) => window.stateErrors.push(error),
    onConnectionError: (error) => window.connectionErrors.push(error.code),
    ...options,
  });
  window.client.ready.catch(() => {}); // a refusal is told to onConnectionError
};
window.states = [];
window.stateErrors = [];
window.connectionErrors = [];
window.turnEnds = [];

function Connected({ name, chatHidden, ...rest }) {
  const agent = useAgent({ agent: "TaskAgent", name });
  return chatHidden ? <p>connected</p> : <Chat agent={agent} {...rest} />;
}

function Chat({ agent, withTool, answersTool }) {
  const chat = useAgentChat({
    agent,
    tools: withTool ? TOOLS : undefined,
    body: withTool ? { clientTools: clientTools() } : undefined,
    onTurnEnd: (event) => window.turnEnds.push(event),
    onToolCall: ({ toolCall, addToolOutput }) => {
      if (answersTool) addToolOutput({ toolCallId: toolCall.toolCallId, output: { colour: "teal" } });
    },
  });
  window.chat = { ...chat, agent };
  useEffect(() => () => void (window.chat = null), []);
  return (
    <ol data-status={chat.status}>
      {chat.messages.map((message) => (
        <li key={message.id}>{message.parts.map((part) => part.text ?? "").join("")}</li>
      ))}
    </ol>
  );
}

function clientTools() {
  return Object.entries(TOOLS).map(([name, tool]) => ({ name, ...tool }));
}

class Boundary extends Component {
  state = { error: null };
  static getDerivedStateFromError(error) {
    return { error };
  }
  render() {
    return this.state.error ? <p>{String(this.state.error)}</p> : this.props.children;
  }
}

function App() {
  const [shown, setShown] = useState(null);
  window.show = (props) => setShown({ ...props });
  window.hide = () => setShown(null);
  return shown ? (
    <Boundary>
      <Suspense fallback={<p>loading</p>}>
        <Connected {...shown} />
      </Suspense>
    </Boundary>
  ) : (
    <p>nothing is shown</p>
  );
}

createRoot(document.getElementById("root")).render(<App />);
