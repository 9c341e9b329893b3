"""`cdp sync …`."""



