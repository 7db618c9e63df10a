// The drawings of the account's place.
import { addIcons } from "../components/icon.js";

addIcons({
  bars: "M5 20V11M12 20V4M19 20v-6",
  eye: "M2.5 12s3.5-6.5 9.5-6.5 9.5 6.5 9.5 6.5-3.5 6.5-9.5 6.5S2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  key: "M8.5 19.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM11.7 11.8L20 3.5M16 7.5l3 3",
  leave: "M14 5H5v14h9M10 12h11M17.5 8.5L21 12l-3.5 3.5",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9",
});
