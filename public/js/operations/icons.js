// The drawings of the operations.
import { addIcons } from "../components/icon.js";

addIcons({
  bars: "M5 20V11M12 20V4M19 20v-6",
  refresh: "M19 12a7 7 0 1 1-2.2-5.1L20 10M20 4.500V10h-5.500",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9",
});
