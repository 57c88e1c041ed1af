import type { Link } from '../../model/netns.ts';

/**
 * Adds what only sysfs says of hardware: the driver (/sys/class/net/NAME/device/uevent) and whether it is Wi-Fi
 * (DEVTYPE=wlan in /sys/class/net/NAME/uevent). A file whose IFINDEX is another interface's is ignored.
 */
export function withDevices(links: readonly Link[], files: ReadonlyMap<string, string>): Link[] {
  return links.map((link) => {
    const uevent = files.get(`/sys/class/net/${link.name}/uevent`) ?? '';
    if (!new RegExp(`^IFINDEX=${link.index}$`, 'm').test(uevent)) return link;
    const driver = /^DRIVER=(\S+)$/m.exec(files.get(`/sys/class/net/${link.name}/device/uevent`) ?? '')?.[1];
    const wireless = /^DEVTYPE=wlan$/m.test(uevent);
    return { ...link, ...(driver === undefined ? {} : { driver }), ...(wireless ? { wireless } : {}) };
  });
}
