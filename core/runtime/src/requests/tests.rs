use super::*;

fn release(id: i64) -> Request {
    Request::Release { which: Selection { ids: vec![id], ..Selection::default() } }
}

#[test]
fn requests_are_read_in_the_order_in_which_they_were_left() {
    let folder = tempfile::tempdir().unwrap();
    assert!(waiting(folder.path()).unwrap().is_empty());
    for id in 0..12 {
        leave(folder.path(), &release(id)).unwrap();
    }
    let read: Vec<Request> =
        waiting(folder.path()).unwrap().into_iter().map(|(_, request)| request).collect();
    assert_eq!(read, (0..12).map(release).collect::<Vec<_>>());
}

#[test]
fn a_request_that_is_none_is_moved_aside_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    leave(folder.path(), &release(1)).unwrap();
    fs::write(folder.path().join("requests/000000a.json"), "{\"do\":\"explode\"}").unwrap();
    assert_eq!(waiting(folder.path()).unwrap().len(), 1);
    assert!(folder.path().join("requests/000000a.wrong").exists());
    assert_eq!(waiting(folder.path()).unwrap().len(), 1);
}
