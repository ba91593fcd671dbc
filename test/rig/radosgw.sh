#!/usr/bin/env bash
# A real S3 server (Ceph's radosgw, from Debian's packages) in one folder, in memory, on loopback: a monitor, a store and
# the gateway. Keys are test and testsecret. No root, no systemd.
#   radosgw.sh up FOLDER PORT MONITOR_PORT
#   radosgw.sh down FOLDER
set -euo pipefail
what=$1
folder=$2

if [ "$what" = down ]; then
  for name in client.rgw.a osd.0 mon.a; do
    pid=$(cat "$folder/pid/$name.pid" 2>/dev/null) || continue
    case "$(cat "/proc/$pid/comm" 2>/dev/null)" in
      radosgw | ceph-osd | ceph-mon) kill -9 "$pid" ;;
    esac
  done
  exit 0
fi

port=$3
monitor=$4
mkdir -p "$folder"/{mon,osd,log,pid,rgw,run}
id=$(cat /proc/sys/kernel/random/uuid)
cat > "$folder/ceph.conf" <<C
[global]
fsid = $id
mon_host = v1:127.0.0.1:$monitor
mon_initial_members = a
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_bind_ipv4 = true
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
mon_max_pg_per_osd = 2000
mon_allow_pool_size_one = true
osd_crush_chooseleaf_type = 0
osd_crush_update_on_start = false
osd_class_update_on_start = false
osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_data = $folder/osd
mon_data = $folder/mon
run_dir = $folder/run
crash_dir = $folder/run
admin_socket = $folder/run/\$name.asok
pid_file = $folder/pid/\$name.pid
log_file = $folder/log/\$name.log
[client.rgw.a]
rgw_frontends = beast endpoint=127.0.0.1:$port
rgw_data = $folder/rgw
rgw_enable_usage_log = false
rgw_run_sync_thread = false
rgw_thread_pool_size = 64
C
export CEPH_CONF="$folder/ceph.conf"
monmaptool --create --clobber --fsid "$id" --addv a "[v1:127.0.0.1:$monitor]" "$folder/monmap" > /dev/null
ceph-mon -i a --mkfs --monmap "$folder/monmap"
ceph-mon -i a
osd=$(cat /proc/sys/kernel/random/uuid)
# The monitor needs a moment before it answers at all.
for _ in $(seq 100); do
  timeout 10 ceph --connect-timeout 5 osd new "$osd" > /dev/null 2>&1 && break
  sleep 0.2
done
timeout 60 ceph osd crush add osd.0 1.0 root=default host=here 2> /dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$osd" > /dev/null 2>&1
ceph-osd -i 0 > /dev/null 2>&1
for _ in $(seq 100); do
  timeout 10 ceph --connect-timeout 5 osd stat 2> /dev/null | grep -q '1 up' && break
  sleep 0.2
done
radosgw -n client.rgw.a
for _ in $(seq 300); do
  timeout 1 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2> /dev/null && break
  sleep 0.1
done
timeout 60 radosgw-admin user create --uid=test --display-name=test --access-key=test --secret-key=testsecret > /dev/null
