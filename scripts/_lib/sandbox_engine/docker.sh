#!/bin/sh
# Stands for the docker program where wrangler calls it: there is no image to build or to fetch,
# because the local engine runs the files of sandbox/ as they are.
case " $* " in
  *" --format {{json .SecurityOptions}} "*) echo '[]' ;;
  *" inspect "*) echo 1 ;;
  *" build "*) cat >/dev/null ;;
esac
exit 0
