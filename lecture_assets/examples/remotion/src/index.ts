import "@fontsource-variable/noto-sans/wght.css";
import "@fontsource-variable/noto-sans-arabic/wght.css";
import "@fontsource-variable/noto-sans-hebrew/wght.css";
import { registerRoot } from "remotion";
import { Root } from "./Root";

registerRoot(Root);
