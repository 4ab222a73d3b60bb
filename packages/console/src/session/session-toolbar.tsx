/** Tools, windows, slab and what the view of the whole shows; every choice has its key. */
import { Button, Group, NativeSelect, SegmentedControl, Tooltip } from "@mantine/core";
import { volumeModes } from "@releve/wire/session/view-state";
import { useTranslation } from "react-i18next";
import type { SessionClient, SessionSnapshot } from "./session-client.ts";
import { ctWindows, nextSlab, toolKeys, type Tool } from "./viewport-tools.ts";

type SessionToolbarProps = {
  readonly client: SessionClient;
  readonly snapshot: SessionSnapshot;
  readonly tool: Tool;
  readonly onTool: (tool: Tool) => void;
};

export function SessionToolbar({ client, snapshot, tool, onTool }: SessionToolbarProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" wrap="wrap" role="toolbar" aria-label={t("tools")}>
      <Tools tool={tool} onTool={onTool} />
      <Windows client={client} snapshot={snapshot} />
      <SlabChoice client={client} snapshot={snapshot} />
      <VolumeChoice client={client} snapshot={snapshot} />
      <Tooltip label="Ctrl+Z">
        <Button
          size="compact-sm"
          variant="default"
          disabled={(snapshot.view?.undo.length ?? 0) === 0}
          onClick={() => client.input({ type: "undo" })}
        >
          {t("undo")}
        </Button>
      </Tooltip>
      <Button size="compact-sm" variant="default" disabled={!snapshot.opened} onClick={() => reset(client)}>
        {t("resetView")}
      </Button>
    </Group>
  );
}

export function reset(client: SessionClient): void {
  const { opened } = client.snapshot();
  if (!opened) return;
  const { home } = opened;
  for (const viewport of ["axial", "coronal", "sagittal", "volume"] as const)
    client.input({ type: "camera", viewport, camera: home.cameras[viewport] });
  client.input({ type: "crosshair", pointLps: home.crosshairLps });
  client.input({ type: "window", window: home.window });
  client.input({ type: "slab", slab: home.slab });
}

function Tools({ tool, onTool }: Pick<SessionToolbarProps, "tool" | "onTool">) {
  const { t } = useTranslation();
  return (
    <Group gap={2} wrap="wrap">
      {Object.entries(toolKeys).map(([key, of]) => (
        <Tooltip key={of} label={key.toUpperCase()}>
          <Button
            size="compact-sm"
            variant={of === tool ? "filled" : "default"}
            aria-pressed={of === tool}
            aria-keyshortcuts={key}
            onClick={() => onTool(of)}
          >
            {t(`tool_${of}`)}
          </Button>
        </Tooltip>
      ))}
    </Group>
  );
}

type Choice = Pick<SessionToolbarProps, "client" | "snapshot">;

function Windows({ client, snapshot: { opened, view } }: Choice) {
  const { t } = useTranslation();
  if (!opened || !view) return null;
  const home = { key: "opening", ...opened.home.window };
  const presets = opened.modality === "CT" ? [home, ...ctWindows] : [home];
  const now = presets.find(
    ({ centre, width }) => centre === view.window.centre && width === view.window.width,
  );
  return (
    <NativeSelect
      size="xs"
      aria-label={t("tool_window")}
      value={now?.key ?? ""}
      onChange={({ currentTarget: { value } }) => {
        const preset = presets.find(({ key }) => key === value);
        if (preset) client.input({ type: "window", window: { centre: preset.centre, width: preset.width } });
      }}
      data={[
        { value: "", label: t("window_free"), disabled: true },
        ...presets.map(({ key }) => ({ value: key, label: t(`window_${key as "opening"}`) })),
      ]}
    />
  );
}

function SlabChoice({ client, snapshot: { view } }: Choice) {
  const { t } = useTranslation();
  if (!view) return null;
  const { slab } = view;
  const change = (by: 1 | -1) => client.input({ type: "slab", slab: nextSlab(slab, by) });
  return (
    <Group gap={4} wrap="nowrap">
      <SegmentedControl
        size="xs"
        aria-label={t("slab")}
        value={slab.mode}
        onChange={(mode) => client.input({ type: "slab", slab: { ...slab, mode } })}
        data={(["max", "min", "mean"] as const).map((mode) => ({ value: mode, label: t(`slab_${mode}`) }))}
      />
      <Button size="compact-sm" variant="default" aria-label={t("thinner")} onClick={() => change(-1)}>
        −
      </Button>
      <span>{slab.thicknessMm} mm</span>
      <Button size="compact-sm" variant="default" aria-label={t("thicker")} onClick={() => change(1)}>
        +
      </Button>
    </Group>
  );
}

/** The looks by HU are for CT alone. */
function VolumeChoice({ client, snapshot: { opened, view } }: Choice) {
  const { t } = useTranslation();
  if (!opened || !view) return null;
  const modes = volumeModes.filter((mode) => opened.modality === "CT" || mode === "mip" || mode === "window");
  return (
    <NativeSelect
      size="xs"
      aria-label={t("viewport_volume")}
      value={view.volumeMode}
      onChange={({ currentTarget: { value } }) => {
        const mode = modes.find((one) => one === value);
        if (mode) client.input({ type: "volume-mode", mode });
      }}
      data={modes.map((mode) => ({ value: mode, label: t(`volumeMode_${mode}`) }))}
    />
  );
}
